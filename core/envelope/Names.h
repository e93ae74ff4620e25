// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Dictionary.h"
#include "core/identity/IdentityTable.h"

namespace weir {

/// The names behind the ids of a capture's (or a history's) messages. Shared by everything that reads its
/// batches.
struct Names
{
    Dictionary<SubjectId> subjects;
    Dictionary<PopId> pops;
    Dictionary<WorkerId> workers;
    Dictionary<StreamId> streams; ///< of recordings that a reader met; ids are its own
    Dictionary<GroupId> groups;   ///< of subjects; given by the one who sums up, not by the pipeline
    IdentityTable identities;
};

} // namespace weir
