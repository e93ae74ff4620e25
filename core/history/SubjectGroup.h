// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/filter/SubjectPattern.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

/// The group that `subject` is summed up in: its tokens that look like ids become `*`, what is deeper than
/// eight tokens, inboxes and JetStream's own subjects end in `>`. `orders.48213.created` →
/// `orders.*.created`. The same subject always has the same group, in every history.
[[nodiscard]] std::string subjectGroup(std::string_view subject);

/// Whether a group has `*` in place of `token`.
[[nodiscard]] bool looksLikeAnId(std::string_view token);

/// What part of a group's messages is meant: none, all, or those that only their subjects tell.
enum class Share : std::uint8_t { None, Some, All };

/// What part of the subjects that may be in `group` do match `pattern`.
[[nodiscard]] Share shareOf(const SubjectPattern& pattern, std::string_view group);
/// `group` is one subject's own: no other one is in it.
[[nodiscard]] bool isOneSubject(std::string_view group);

} // namespace weir
