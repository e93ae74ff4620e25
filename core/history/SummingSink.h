// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/Batch.h"
#include "core/history/Rollup.h"

#include <memory>

namespace weir {

/// A sink that takes what messages add up to as well as the messages themselves.
class SummingSink : public BatchSink
{
public:
    /// How many seconds wide its sums may be: kMinuteSlot, kSecondSlot, or 0 for none at all. Asked before
    /// anything is consumed. `expired`: messages of the range are gone, so that there is nothing finer.
    [[nodiscard]] virtual std::int64_t sumWidth(bool expired) = 0;
    /// It need not have the newest messages at once: live, too, they may come in sums, which are written a
    /// second or two after them.
    [[nodiscard]] virtual bool canWait() const { return false; }
    /// Of each message either this or consume() tells, in any order.
    virtual void consumeSums(const RollupSlot& slot, const std::shared_ptr<const Names>& names) = 0;
    /// Forgets everything: it is told anew.
    virtual void startOver() = 0;
};

} // namespace weir
