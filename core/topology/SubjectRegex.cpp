// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/SubjectRegex.h"

#include <memory>
#include <re2/re2.h>

namespace weir {

Result<SubjectMatch> subjectRegex(const std::string& expression)
{
    RE2::Options options;
    options.set_log_errors(false);
    options.set_case_sensitive(false);
    const auto regex = std::make_shared<const RE2>(expression, options);
    if (!regex->ok())
        return Error{ErrorCode::Usage, "reading /" + expression + "/", regex->error(),
                     "a regular expression as RE2 takes it: /^orders\\.(eu|us)\\./"};
    return SubjectMatch([regex](std::string_view subject) {
        return RE2::PartialMatch({subject.data(), subject.size()}, *regex);
    });
}

} // namespace weir
