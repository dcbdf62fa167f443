# What plays scripts in every way, and what writes them.
foreach(name bits corpus)
    add_executable(everyway_${name} ${CMAKE_SOURCE_DIR}/tests/everyway/${name}.c)
    target_compile_options(everyway_${name} PRIVATE ${CHRONUS_WARNINGS})
    target_link_libraries(everyway_${name} PRIVATE engine m)
endforeach()

# The same bits everywhere: from the optimised build, compared with the debugging build of the other compiler as well.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND TARGET chronus)
    add_test(NAME render/every_way COMMAND ${CMAKE_SOURCE_DIR}/tests/everyway/every_way.sh $<TARGET_FILE:chronus>
             ${CMAKE_SOURCE_DIR}/build/dev/chronus)
    set_tests_properties(render/every_way PROPERTIES LABELS render TIMEOUT 1200)
endif()

# Modules and generated patches besides: a share of what tests/everyway/everywhere.sh does when it is asked by hand.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_test(NAME render/everywhere COMMAND bash ${CMAKE_SOURCE_DIR}/tests/everyway/everywhere.sh $<TARGET_FILE:everyway_corpus>
             $<TARGET_FILE:everyway_bits> ${CMAKE_SOURCE_DIR}/build/dev/everyway_bits)
    set_tests_properties(render/everywhere PROPERTIES LABELS render TIMEOUT 600 ENVIRONMENT "PATCHES=16;SECONDS_EACH=0.08")
endif()

# And on another machine, emulated, where the cross compiler is there.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_test(NAME render/aarch64 COMMAND ${CMAKE_SOURCE_DIR}/tests/everyway/aarch64.sh ${CMAKE_SOURCE_DIR}
             $<TARGET_FILE:render_modules_everywhere> ${CMAKE_BINARY_DIR}/generated $<TARGET_FILE:everyway_corpus>
             $<TARGET_FILE:everyway_bits>)
    set_tests_properties(render/aarch64 PROPERTIES LABELS render TIMEOUT 600 SKIP_RETURN_CODE 77)
endif()
