// SPDX-License-Identifier: GPL-3.0-or-later
// The sets of ids beside a block, as varint differences (FORMAT.md, `block_index`) and as CRoaring's bitmaps:
// bytes, time to make one, time to ask whether it holds what is wanted. Built where CRoaring is installed;
// the figures stand in core/history/FORMAT.md, "Not taken".
#include "core/history/NumberColumn.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>
#include <roaring/roaring.h>

using namespace weir;

namespace {

constexpr std::size_t kBlocks = 2500; ///< of 4,096 messages: 10 M

double now()
{
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// The distinct ids of a block, in the order in which they come; the greater `skew`, the rarer the most.
std::vector<std::uint32_t> idsOf(std::mt19937_64& random, std::uint32_t universe, double skew)
{
    std::vector<bool> seen(std::size_t{universe} + 1);
    std::vector<std::uint32_t> ids;
    for (int i = 0; i < 4096; ++i) {
        const double share = std::pow(std::uniform_real_distribution<>(0, 1)(random), skew);
        const auto id = std::min(universe, 1 + static_cast<std::uint32_t>(share * universe));
        if (!seen[id])
            ids.push_back(id);
        seen[id] = true;
    }
    return ids;
}

void compare(const char* what, std::uint32_t universe, double skew, std::uint32_t wanted)
{
    std::mt19937_64 random(7);
    double made[2]{};
    std::size_t bytes[2]{};
    std::vector<std::string> ours;
    std::vector<std::string> theirs;
    for (std::size_t i = 0; i < kBlocks; ++i) {
        auto ids = idsOf(random, universe, skew);
        double began = now();
        roaring_bitmap_t* const bitmap = roaring_bitmap_of_ptr(ids.size(), ids.data());
        roaring_bitmap_run_optimize(bitmap);
        std::string& packed = theirs.emplace_back(roaring_bitmap_portable_size_in_bytes(bitmap), '\0');
        roaring_bitmap_portable_serialize(bitmap, packed.data());
        roaring_bitmap_free(bitmap);
        made[1] += now() - began;
        began = now();
        appendIdSet(ids, ours.emplace_back());
        made[0] += now() - began;
        bytes[0] += ours.back().size();
        bytes[1] += theirs.back().size();
    }
    std::vector<bool> verdicts(std::size_t{universe} + 1);
    roaring_bitmap_t* const asked = roaring_bitmap_create();
    for (std::uint32_t i = 0; i < wanted; ++i) {
        const auto id = 1 + static_cast<std::uint32_t>(random() % universe);
        verdicts[id] = true;
        roaring_bitmap_add(asked, id);
    }
    std::vector<std::uint32_t> ids;
    std::size_t found[2]{};
    double began = now();
    for (const std::string& set : ours) {
        const bool whole = readIdSet(set, ids);
        found[0] +=
            whole && std::any_of(ids.begin(), ids.end(), [&](auto id) { return verdicts[id]; }) ? 1 : 0;
    }
    const double askedOurs = now() - began;
    began = now();
    for (const std::string& set : theirs) {
        roaring_bitmap_t* const bitmap = roaring_bitmap_portable_deserialize_safe(set.data(), set.size());
        found[1] += roaring_bitmap_intersect(bitmap, asked) ? 1 : 0;
        roaring_bitmap_free(bitmap);
    }
    const double askedTheirs = now() - began;
    roaring_bitmap_free(asked);
    const auto each = [](auto all) { return static_cast<double>(all) / static_cast<double>(kBlocks); };
    std::printf(
        "%-22s varints %6.0f B, made in %5.1f us, asked in %5.2f us; CRoaring %6.0f B (%.2f), %5.1f us "
        "(%.2f), %5.2f us (%.2f)%s\n",
        what, each(bytes[0]), each(made[0]), each(askedOurs), each(bytes[1]), each(bytes[1]) / each(bytes[0]),
        each(made[1]), made[1] / made[0], each(askedTheirs), askedTheirs / askedOurs,
        found[0] == found[1] ? "" : " THEY DIFFER");
}

} // namespace

int main()
{
    compare("5 PoPs", 5, 1, 1);
    compare("50 identities", 50, 1, 1);
    compare("1 k subjects", 1000, 1, 1);
    compare("1 k subjects, skewed", 1000, 4, 1);
    compare("100 k subjects, skewed", 100'000, 6, 1);
    compare("1 M subjects", 1'000'000, 1, 1);
    return 0;
}
