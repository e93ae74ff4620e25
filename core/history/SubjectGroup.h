// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// The group that `subject` is summed up in: its tokens that look like ids become `*`, what is deeper than
/// eight tokens, inboxes and JetStream's own subjects end in `>`. `orders.48213.created` →
/// `orders.*.created`. The same subject always has the same group, in every history.
[[nodiscard]] std::string subjectGroup(std::string_view subject);

} // namespace weir
