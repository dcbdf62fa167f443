# The benchmarks' scripts, checked; nothing is timed here: tests/bench/peers does that.
add_test(NAME bench/smoke COMMAND bash ${CMAKE_SOURCE_DIR}/tests/bench/smoke.sh $<TARGET_FILE:chronus>)
set_tests_properties(bench/smoke PROPERTIES LABELS bench TIMEOUT 300)
# What tests/bench/queries.sh counts.
add_executable(bench_queries ${CMAKE_SOURCE_DIR}/tests/bench/queries.c)
target_link_libraries(bench_queries PRIVATE test_support engine m)
# What tests/bench/modules.sh counts.
add_executable(bench_modules ${CMAKE_SOURCE_DIR}/tests/bench/modules.c)
target_link_libraries(bench_modules PRIVATE test_support dsp m)

# The engine has not become slower: from the optimised build of the compiler that the figures are of.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND TARGET chronus)
    string(TOLOWER ${CMAKE_C_COMPILER_ID} compiler_name)
    string(REGEX REPLACE "\\..*" "" compiler_version ${CMAKE_C_COMPILER_VERSION})
    add_test(NAME bench/guard COMMAND bash ${CMAKE_SOURCE_DIR}/tests/bench/guard.sh $<TARGET_FILE:chronus>
             ${compiler_name}-${compiler_version})
    set_tests_properties(bench/guard PROPERTIES LABELS bench TIMEOUT 300 SKIP_RETURN_CODE 77)
endif()
# How costs grow: run by hand, docs/performance.md has what it says.
add_executable(bench_growth ${CMAKE_SOURCE_DIR}/tests/bench/growth.c)
target_link_libraries(bench_growth PRIVATE engine m)
