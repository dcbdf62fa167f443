# The same bits everywhere: from the optimised build, compared with the debugging build of the other compiler as well.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND TARGET chronus)
    add_test(NAME render/every_way COMMAND ${CMAKE_SOURCE_DIR}/tests/everyway/every_way.sh $<TARGET_FILE:chronus>
             ${CMAKE_SOURCE_DIR}/build/dev/chronus)
    set_tests_properties(render/every_way PROPERTIES LABELS render TIMEOUT 1200)
endif()

# And on another machine, emulated, where the cross compiler is there.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_test(NAME render/aarch64 COMMAND ${CMAKE_SOURCE_DIR}/tests/everyway/aarch64.sh ${CMAKE_SOURCE_DIR}
             $<TARGET_FILE:render_modules_everywhere>)
    set_tests_properties(render/aarch64 PROPERTIES LABELS render TIMEOUT 600 SKIP_RETURN_CODE 77)
endif()
