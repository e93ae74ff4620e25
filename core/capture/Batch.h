// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/Message.h"

#include <memory>
#include <vector>

namespace weir {

struct Names;

/// A run of messages in order of seq, immutable once handed on. Holds (through `storage`) every byte its
/// messages point at, so a batch may be kept as long as wanted; it costs `footprint` bytes of memory.
/// The same type comes out of a live capture and out of a history.
struct Batch
{
    std::vector<Message> messages;
    std::shared_ptr<const Names> names;
    std::vector<std::shared_ptr<const void>> storage;
    std::size_t footprint = 0;
};

/// Something that takes what a capture or a history delivers. Calls come from one thread (the pipeline's or
/// a reader's), in order, one at a time.
class BatchSink
{
public:
    virtual ~BatchSink() = default;
    virtual void consume(const std::shared_ptr<const Batch>& batch) = 0;
    /// Comes at least every 100 ms, also when nothing arrives: for flushing by time.
    virtual void tick(Timestamp now) { (void)now; }
};

} // namespace weir
