// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowLayout.h"

#include <QString>

namespace weir {

enum class FlowFormat { Svg, Png, Dot, Json, Cytoscape };

/// What became of a file that was to be written.
struct FlowFile
{
    QString problem; ///< why there is none; empty: it was written
    QString remark;  ///< what its reader should know of it
};

inline constexpr double kMostPixels = 30e6; ///< of a PNG: 120 MB, what most programs open

/// Writes the whole picture, whatever part of it is seen: a PNG as the SVG draws it, twice its natural size,
/// or as much smaller as `mostPixels` want. The file is there whole or as it was before. Any thread.
[[nodiscard]] FlowFile writeFlow(const FlowPicture& picture, FlowFormat format, const QString& path,
                                 double mostPixels = kMostPixels);

} // namespace weir
