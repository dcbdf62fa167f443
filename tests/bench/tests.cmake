# The benchmarks' scripts, checked; nothing is timed here: tests/bench/peers does that.
add_test(NAME bench/smoke COMMAND bash ${CMAKE_SOURCE_DIR}/tests/bench/smoke.sh $<TARGET_FILE:chronus>)
set_tests_properties(bench/smoke PROPERTIES LABELS bench TIMEOUT 300)
