# The benchmarks' scripts, checked; nothing is timed here: tests/bench/peers does that.
add_test(NAME bench/smoke COMMAND bash ${CMAKE_SOURCE_DIR}/tests/bench/smoke.sh $<TARGET_FILE:chronus>)
set_tests_properties(bench/smoke PROPERTIES LABELS bench TIMEOUT 300)
# What tests/bench/queries.sh counts.
add_executable(bench_queries ${CMAKE_SOURCE_DIR}/tests/bench/queries.c)
target_link_libraries(bench_queries PRIVATE test_support engine m)
# What tests/bench/modules.sh counts.
add_executable(bench_modules ${CMAKE_SOURCE_DIR}/tests/bench/modules.c)
target_link_libraries(bench_modules PRIVATE test_support dsp m)
