/* lang/ir_part.c: what a player calls the parts of a patch, and its patterns.
 * SPDX-License-Identifier: MIT */
#include "lang/ir.h"

#include <string.h>

const char *chr_part_name(const char *owner, const char *label, bool hidden,
                          char text[CHR_PART_TEXT]) {
    int first = (int)strcspn(label, ".");
    bool inside = label[first] != '\0'; /* of a module, or of what a `let` names */
    bool whole = ((int)strlen(owner) == first && strncmp(owner, label, (size_t)first) == 0) ||
                 (hidden && (!inside || strncmp(label, "in.", 3) == 0));
    if (!*owner)
        snprintf(text, CHR_PART_TEXT, "%.*s", first, label);
    else if (whole)
        snprintf(text, CHR_PART_TEXT, "%s", owner);
    else
        snprintf(text, CHR_PART_TEXT, "%s.%.*s", owner, first, label);
    return text;
}

bool chr_means_pattern(const char *name, const char *pattern) {
    size_t n = strlen(name);
    return strncmp(name, pattern, n) == 0 &&
           (!pattern[n] || pattern[n] == '/' || pattern[n] == '.');
}

const char *chr_ir_part(const chr_ir *ir, const char *path, char text[CHR_PART_TEXT]) {
    size_t length = strcspn(path, ".");
    uint32_t owner = 0;
    for (uint32_t o = 1; ir && path[length] && o < ir->n_owners && owner == 0; o++)
        if (strncmp(ir->owners[o].name, path, length) == 0 && !ir->owners[o].name[length])
            owner = o;
    const char *label = owner > 0 ? path + length + 1 : path;
    for (uint32_t i = 0; ir && i < ir->n_nodes; i++)
        if (ir->nodes[i].owner == owner && strcmp(ir->nodes[i].label, label) == 0)
            return chr_part_name(ir->owners[owner].name, label, ir->nodes[i].hidden, text);
    return chr_part_name(owner > 0 ? ir->owners[owner].name : "", label, false, text);
}
