# What is kept of the fuzzers is replayed in every run, beside every script of the tests, library and tour; under the
# preset `fuzz` the same targets run as fuzzers:
#   build/fuzz/fuzz_text -dict=build/fuzz/fuzz_text.dict new-corpus tests/fuzz/corpus
#   build/fuzz/fuzz_journal new-corpus tests/fuzz/corpus_journal      (fuzz_wave, fuzz_files: the same)
set(corpus_text tests/fuzz/corpus tests/script/bad tests/script/golden stdlib examples)
foreach(name text journal wave files)
    if(NOT DEFINED corpus_${name})
        set(corpus_${name} tests/fuzz/corpus_${name})
    endif()
    add_executable(fuzz_replay_${name} tests/fuzz/replay.c tests/fuzz/fuzz_${name}.c)
    target_link_libraries(fuzz_replay_${name} PRIVATE engine m)
    target_compile_options(fuzz_replay_${name} PRIVATE ${CHRONUS_WARNINGS} -UNDEBUG)
    add_test(NAME fuzz/replay_${name} COMMAND fuzz_replay_${name} ${corpus_${name}} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(fuzz/replay_${name} PROPERTIES LABELS fuzz TIMEOUT 600)

    if(CHRONUS_FUZZ)
        add_executable(fuzz_${name} tests/fuzz/fuzz_${name}.c)
        target_compile_options(fuzz_${name} PRIVATE -UNDEBUG)
        target_link_libraries(fuzz_${name} PRIVATE engine m)
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    endif()
endforeach()
if(CHRONUS_FUZZ)
    add_custom_command(TARGET fuzz_text POST_BUILD
        COMMAND bash ${CMAKE_SOURCE_DIR}/tests/fuzz/dictionary.sh > fuzz_text.dict VERBATIM)
endif()
