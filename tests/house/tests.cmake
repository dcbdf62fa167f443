# How the house is kept: format, and who may include whom.
foreach(name format arrows)
    add_test(NAME house/${name} COMMAND bash ${CMAKE_SOURCE_DIR}/tests/house/${name}.sh ${CMAKE_SOURCE_DIR})
    set_tests_properties(house/${name} PROPERTIES LABELS house SKIP_RETURN_CODE 77)
endforeach()
