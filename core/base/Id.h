// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace weir {

/// A dictionary number that cannot be mistaken for another dictionary's. 0 means "none".
template<typename Tag>
struct Id
{
    std::uint32_t value = 0;
    [[nodiscard]] constexpr bool isNone() const { return value == 0; }
    constexpr auto operator<=>(const Id&) const = default;
};

using SubjectId = Id<struct SubjectTag>;
using PopId = Id<struct PopTag>;
using WorkerId = Id<struct WorkerTag>;
using IdentityId = Id<struct IdentityTag>;
using StreamId = Id<struct StreamTag>;
using GroupId = Id<struct GroupTag>; ///< of subjects

/// A number of bytes; printed with kB, MB, GB (powers of 1000).
struct ByteCount
{
    std::uint64_t value = 0;
    constexpr auto operator<=>(const ByteCount&) const = default;
};

} // namespace weir

template<typename Tag>
struct std::hash<weir::Id<Tag>>
{
    std::size_t operator()(weir::Id<Tag> id) const noexcept { return std::hash<std::uint32_t>()(id.value); }
};
