# The program on a sound card that is not there (jackd's dummy driver): needs jackd2 and jack-capture, else it is skipped.
add_test(NAME realtime/take_equals_capture
    COMMAND bash ${CMAKE_SOURCE_DIR}/tests/realtime/take_equals_capture.sh $<TARGET_FILE:chronus> $<TARGET_FILE:cli_soundtool>
        $<$<OR:$<BOOL:${CHRONUS_SANITIZE}>,$<BOOL:${CHRONUS_TSAN}>>:untimed>)
set_tests_properties(realtime/take_equals_capture PROPERTIES LABELS realtime TIMEOUT 300 SKIP_RETURN_CODE 77 RUN_SERIAL TRUE)
add_test(NAME realtime/run_equals_render
    COMMAND bash ${CMAKE_SOURCE_DIR}/tests/realtime/run_equals_render.sh $<TARGET_FILE:chronus> $<TARGET_FILE:cli_soundtool>)
set_tests_properties(realtime/run_equals_render PROPERTIES LABELS realtime TIMEOUT 300 SKIP_RETURN_CODE 77 RUN_SERIAL TRUE)

# The compiler's own proof, where it has one.
add_test(NAME house/effects COMMAND bash ${CMAKE_SOURCE_DIR}/tests/realtime/effects.sh ${CMAKE_SOURCE_DIR})
set_tests_properties(house/effects PROPERTIES LABELS house TIMEOUT 300 SKIP_RETURN_CODE 77)

# The sanitizers that exclude each other, each on top of a build that has none.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT (CHRONUS_SANITIZE OR CHRONUS_TSAN OR CHRONUS_RTSAN OR CHRONUS_FUZZ OR CHRONUS_COVERAGE))
    foreach(name rtsan tsan)
        add_test(NAME realtime/${name} COMMAND bash ${CMAKE_SOURCE_DIR}/tests/realtime/${name}.sh ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}
                 ${PROJECT_VERSION} $<TARGET_FILE:cli_soundtool> $<TARGET_FILE:test_support> $<TARGET_FILE:lang> $<TARGET_FILE:dsp>)
        set_tests_properties(realtime/${name} PROPERTIES LABELS realtime TIMEOUT 900 SKIP_RETURN_CODE 77)
    endforeach()

    # The program as it is shipped, with a counter before the C library.
    add_library(shipped_calls MODULE tests/realtime/shipped/interposer.c)
    target_compile_options(shipped_calls PRIVATE ${CHRONUS_WARNINGS})
    target_link_libraries(shipped_calls PRIVATE ${CMAKE_DL_LIBS})
    add_test(NAME realtime/shipped_calls COMMAND bash ${CMAKE_SOURCE_DIR}/tests/realtime/shipped_calls.sh $<TARGET_FILE:chronus>
             $<TARGET_FILE:cli_soundtool> $<TARGET_FILE:shipped_calls>)
    set_tests_properties(realtime/shipped_calls PROPERTIES LABELS realtime TIMEOUT 120 RUN_SERIAL TRUE)
    add_test(NAME realtime/busy COMMAND bash ${CMAKE_SOURCE_DIR}/tests/realtime/busy.sh $<TARGET_FILE:chronus>
             $<TARGET_FILE:cli_soundtool> $<TARGET_FILE:shipped_calls>)
    set_tests_properties(realtime/busy PROPERTIES LABELS realtime TIMEOUT 120 SKIP_RETURN_CODE 77 RUN_SERIAL TRUE)
endif()

# Each with a program of its own that listens to the recording.
foreach(name typed_session changes_are_clean moments_are_exact)
    set(listener hear_${name})
    add_executable(${listener} tests/realtime/hear/${name}.c)
    target_compile_options(${listener} PRIVATE ${CHRONUS_WARNINGS})
    target_link_libraries(${listener} PRIVATE test_support PkgConfig::SNDFILE m)
    add_test(NAME realtime/${name}
        COMMAND bash ${CMAKE_SOURCE_DIR}/tests/realtime/${name}.sh $<TARGET_FILE:chronus> $<TARGET_FILE:cli_soundtool>
            $<TARGET_FILE:${listener}>)
    set_tests_properties(realtime/${name} PROPERTIES LABELS realtime TIMEOUT 300 SKIP_RETURN_CODE 77 RUN_SERIAL TRUE)
endforeach()

target_link_libraries(realtime_steady PRIVATE host)
# On the virtual card; one after the other, since each measures or needs the machine's time.
set(on_a_card device_returns round_trip channels)
if(NOT (CHRONUS_SANITIZE OR CHRONUS_TSAN)) # which lock no memory
    list(APPEND on_a_card memory_and_priority)
endif()
foreach(name IN LISTS on_a_card)
    add_test(NAME realtime/${name}
        COMMAND bash ${CMAKE_SOURCE_DIR}/tests/realtime/${name}.sh $<TARGET_FILE:chronus> $<TARGET_FILE:cli_soundtool>)
    set_tests_properties(realtime/${name} PROPERTIES LABELS realtime TIMEOUT 300 SKIP_RETURN_CODE 77 RUN_SERIAL TRUE)
endforeach()
