# Every message is provoked and compared; every stage's dump is compared.
add_test(NAME script/messages COMMAND bash ${CMAKE_SOURCE_DIR}/tests/script/run.sh $<TARGET_FILE:chronus>)
set_tests_properties(script/messages PROPERTIES LABELS script TIMEOUT 600)
# A stranger's text: bounds of processor time and memory, wide where the build itself is slow.
if(CHRONUS_SANITIZE OR CHRONUS_TSAN OR CHRONUS_FUZZ)
    set(hostile_bounds 20 unlimited)
elseif(CMAKE_BUILD_TYPE STREQUAL Release)
    set(hostile_bounds 1 524288)
else()
    set(hostile_bounds 5 524288)
endif()
add_test(NAME script/hostile COMMAND bash ${CMAKE_SOURCE_DIR}/tests/script/hostile.sh $<TARGET_FILE:chronus> ${hostile_bounds})
set_tests_properties(script/hostile PROPERTIES LABELS script TIMEOUT 600)
