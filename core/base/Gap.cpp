// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Gap.h"

namespace weir {

std::string_view gapCauseName(GapCause cause)
{
    switch (cause) {
    case GapCause::Disconnected:
        return "disconnected";
    case GapCause::SlowConsumer:
        return "slow_consumer";
    case GapCause::QueueFull:
        return "queue_full";
    case GapCause::Sampled:
        return "sampled";
    case GapCause::UncleanEnd:
        return "unclean_end";
    case GapCause::StoreFailed:
        return "store_failed";
    case GapCause::NotRecording:
        return "not_recording";
    case GapCause::Permission:
        return "permission";
    case GapCause::Expired:
        return "expired";
    case GapCause::Damaged:
        return "damaged";
    case GapCause::TakenElsewhere:
        return "taken_elsewhere";
    case GapCause::Imported:
        return "imported";
    }
    return "unknown";
}

} // namespace weir
