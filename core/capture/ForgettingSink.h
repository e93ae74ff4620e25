// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/Batch.h"

namespace weir {

/// A sink whose sums are those of a range that moves on: it is told what has left the range, too.
class ForgettingSink : public BatchSink
{
public:
    /// Takes back what consume() was given earlier: the same messages in the same order, on the same thread.
    virtual void forget(const std::shared_ptr<const Batch>& batch) = 0;
};

} // namespace weir
