// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/GroupFold.h"

#include <set>
#include <string_view>

namespace weir {
namespace {

/// A group on its way through its tokens.
struct Walk
{
    std::string_view group;
    std::string_view rest; ///< what is not walked yet
    std::string front;     ///< what the walked tokens became, each with its dot
    bool done = false;
};

std::string_view tokenOf(const Walk& walk)
{
    return walk.rest.substr(0, walk.rest.find('.'));
}

void step(Walk& walk, std::string_view token)
{
    walk.front += token;
    const std::size_t dot = walk.rest.find('.');
    walk.done = dot == std::string_view::npos;
    if (walk.done)
        return;
    walk.front += '.';
    walk.rest.remove_prefix(dot + 1);
}

} // namespace

std::map<std::string, std::string> foldGroups(const std::vector<std::string>& groups, std::size_t most)
{
    std::vector<Walk> walks;
    walks.reserve(groups.size());
    for (const std::string& group : groups)
        walks.push_back({group, group, {}, false});
    for (bool more = true; more;) {
        std::map<std::string, std::set<std::string_view>> tokens; ///< by the front that they follow
        for (const Walk& walk : walks) {
            if (!walk.done)
                tokens[walk.front].insert(tokenOf(walk));
        }
        more = !tokens.empty();
        for (Walk& walk : walks) {
            if (walk.done)
                continue;
            const std::string_view token = tokenOf(walk);
            // `>` stands for more than one token, and what comes first says whose the subject is.
            const bool fold = tokens[walk.front].size() > most && token != ">" && !walk.front.empty();
            step(walk, fold ? "*" : token);
        }
    }
    std::map<std::string, std::string> folded;
    for (Walk& walk : walks) {
        if (walk.front != walk.group)
            folded.emplace(walk.group, std::move(walk.front));
    }
    return folded;
}

} // namespace weir
