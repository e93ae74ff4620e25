// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/FlowColumns.h"

#include <optional>

namespace weir {

double flowBoxWidth(FlowKind kind)
{
    switch (kind) {
    case FlowKind::Pop:
        return 100; // a code of three letters
    case FlowKind::Worker:
    case FlowKind::Stream:
        return 140;
    case FlowKind::Consumer:
    case FlowKind::QueueGroup:
        return 150;
    case FlowKind::SubjectGroup:
        return 190;
    case FlowKind::Identity:
    case FlowKind::Client:
    case FlowKind::Region:
    case FlowKind::Cluster:
    case FlowKind::Gateway:
    case FlowKind::Server:
    case FlowKind::LeafNode:
    case FlowKind::Account:
        break;
    }
    return 165;
}

std::array<double, kFlowKinds> flowColumns(const std::array<bool, kFlowKinds>& present, double gap)
{
    std::array<double, kFlowKinds> middles{};
    std::optional<double> right; // of the column before
    for (std::size_t kind = 0; kind < kFlowKinds; ++kind) {
        if (!present[kind])
            continue;
        const double half = flowBoxWidth(static_cast<FlowKind>(kind)) / 2;
        middles[kind] = right ? *right + gap + half : 0;
        right = middles[kind] + half;
    }
    return middles;
}

} // namespace weir
