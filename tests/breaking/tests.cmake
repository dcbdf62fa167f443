# What must not bring it down: memory that runs out, files that cannot be written, programs by chance. Each runs a share
# of itself here, and the whole of it as a command (docs/reliability.md).
foreach(name out_of_memory day)
    add_executable(breaking_${name} tests/breaking/${name}.c)
    target_link_libraries(breaking_${name} PRIVATE test_support engine m)
    target_compile_options(breaking_${name} PRIVATE ${CHRONUS_WARNINGS})
    target_compile_definitions(breaking_${name} PRIVATE CHRONUS_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME breaking/${name} COMMAND breaking_${name})
    set_tests_properties(breaking/${name} PROPERTIES LABELS breaking TIMEOUT 300)
endforeach()
foreach(function malloc calloc realloc aligned_alloc strdup strndup open_memstream fdopendir asprintf)
    target_link_options(breaking_out_of_memory PRIVATE LINKER:--wrap=${function})
endforeach()

# Programs by chance, with a parser of their own that counts what it reduces.
add_executable(breaking_programs tests/breaking/programs.c tests/breaking/program_sound.c tests/breaking/program_wild.c
    tests/breaking/grammar.c)
add_dependencies(breaking_programs lang_generated)
target_link_libraries(breaking_programs PRIVATE test_support engine m)
target_compile_options(breaking_programs PRIVATE ${CHRONUS_WARNINGS})
set_source_files_properties(tests/breaking/grammar.c PROPERTIES COMPILE_OPTIONS -w) # most of it is Lemon's
add_test(NAME breaking/programs COMMAND breaking_programs)
set_tests_properties(breaking/programs PROPERTIES LABELS breaking TIMEOUT 300)

# The program as it is shipped, with a library before the C library that lets one call fail.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT (CHRONUS_SANITIZE OR CHRONUS_TSAN OR CHRONUS_RTSAN OR CHRONUS_FUZZ OR CHRONUS_COVERAGE))
    add_library(failing MODULE tests/breaking/failing.c)
    target_compile_options(failing PRIVATE ${CHRONUS_WARNINGS})
    target_link_libraries(failing PRIVATE ${CMAKE_DL_LIBS})
    add_test(NAME breaking/failing COMMAND bash ${CMAKE_SOURCE_DIR}/tests/breaking/failing.sh $<TARGET_FILE:chronus>
             $<TARGET_FILE:cli_soundtool> $<TARGET_FILE:failing>)
    set_tests_properties(breaking/failing PROPERTIES LABELS breaking TIMEOUT 300 SKIP_RETURN_CODE 77)
endif()
