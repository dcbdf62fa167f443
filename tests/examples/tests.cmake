# What a player hears first: every example (and that it sounds as it did), every instrument of the library and every word
# of `make`, rendered by the program and measured.
foreach(name examples instruments make golden)
    add_executable(heard_${name} tests/examples/${name}.c tests/examples/hear.c)
    target_link_libraries(heard_${name} PRIVATE test_support engine PkgConfig::SNDFILE PkgConfig::CMOCKA m)
    target_compile_definitions(heard_${name} PRIVATE CHRONUS_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
        CHRONUS_BINARY="$<TARGET_FILE:chronus>")
    add_dependencies(heard_${name} chronus)
    add_test(NAME examples/${name} COMMAND heard_${name})
    set_tests_properties(examples/${name} PROPERTIES LABELS examples TIMEOUT 600)
endforeach()
