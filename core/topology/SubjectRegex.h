// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <functional>
#include <string>
#include <string_view>

namespace weir {

/// Whether a subject matches.
using SubjectMatch = std::function<bool(std::string_view subject)>;

/// A regular expression of RE2's, which any part of a subject may match, in any case: time linear in the
/// subject, whatever somebody typed. Any thread.
[[nodiscard]] Result<SubjectMatch> subjectRegex(const std::string& expression);

} // namespace weir
