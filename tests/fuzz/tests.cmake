# The corpus, and every script of the tests, library and tour, are replayed in every run; under the
# preset `fuzz` the same target runs as a fuzzer:
#   build/fuzz/fuzz_text -dict=build/fuzz/fuzz_text.dict new-corpus tests/fuzz/corpus
add_executable(fuzz_replay tests/fuzz/replay.c tests/fuzz/fuzz_text.c)
target_link_libraries(fuzz_replay PRIVATE engine m)
target_compile_options(fuzz_replay PRIVATE ${CHRONUS_WARNINGS} -UNDEBUG)
add_test(NAME fuzz/replay COMMAND fuzz_replay tests/fuzz/corpus tests/script/bad tests/script/golden stdlib examples
         WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(fuzz/replay PROPERTIES LABELS fuzz TIMEOUT 600)

if(CHRONUS_FUZZ)
    add_executable(fuzz_text tests/fuzz/fuzz_text.c)
    target_link_libraries(fuzz_text PRIVATE engine m)
    target_link_options(fuzz_text PRIVATE -fsanitize=fuzzer)
    add_custom_command(TARGET fuzz_text POST_BUILD
        COMMAND bash ${CMAKE_SOURCE_DIR}/tests/fuzz/dictionary.sh > fuzz_text.dict VERBATIM)
endif()
