# Every message is provoked and compared; every stage's dump is compared.
add_test(NAME script/messages COMMAND bash ${CMAKE_SOURCE_DIR}/tests/script/run.sh $<TARGET_FILE:chronus>)
set_tests_properties(script/messages PROPERTIES LABELS script TIMEOUT 600)
