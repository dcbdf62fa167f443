# The command line, driven by shell scripts; each is called with the program and a tool that looks into sound files.
add_executable(cli_soundtool tests/cli/soundtool.c)
target_compile_options(cli_soundtool PRIVATE ${CHRONUS_WARNINGS})
target_link_libraries(cli_soundtool PRIVATE PkgConfig::SNDFILE m)

file(GLOB cli_tests CONFIGURE_DEPENDS tests/cli/*.sh)
list(FILTER cli_tests EXCLUDE REGEX "/lib\\.sh$")
foreach(script IN LISTS cli_tests)
    get_filename_component(name ${script} NAME_WE)
    add_test(NAME cli/${name} COMMAND bash ${script} $<TARGET_FILE:chronus> $<TARGET_FILE:cli_soundtool>)
    set_tests_properties(cli/${name} PROPERTIES LABELS cli TIMEOUT 300)
endforeach()
