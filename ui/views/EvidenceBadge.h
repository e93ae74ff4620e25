// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/identity/Evidence.h"

class QPainter;
class QColor;
class QRectF;

namespace weir {

/// Draws how an identity is known as a shape that reads without colour: a filled disc with a tick (verified),
/// a ring with a tick (vouched), a ring with a dot (claimed), a dashed ring (inferred), a dash (unknown).
void paintEvidence(QPainter& painter, const QRectF& box, Evidence evidence, const QColor& ink,
                   const QColor& paper);

} // namespace weir
