# The program on a sound card that is not there (jackd's dummy driver): needs jackd2 and jack-capture, else it is skipped.
add_test(NAME realtime/run_equals_render
    COMMAND bash ${CMAKE_SOURCE_DIR}/tests/realtime/run_equals_render.sh $<TARGET_FILE:chronus> $<TARGET_FILE:cli_soundtool>)
set_tests_properties(realtime/run_equals_render PROPERTIES LABELS realtime TIMEOUT 300 SKIP_RETURN_CODE 77 RUN_SERIAL TRUE)

# The compiler's own proof, where it has one.
add_test(NAME realtime/effects COMMAND bash ${CMAKE_SOURCE_DIR}/tests/realtime/effects.sh ${CMAKE_SOURCE_DIR})
set_tests_properties(realtime/effects PROPERTIES LABELS realtime TIMEOUT 300 SKIP_RETURN_CODE 77)
