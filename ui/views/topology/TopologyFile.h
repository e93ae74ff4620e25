// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/TopologySheet.h"

#include <QString>

namespace weir {

enum class TopologyFormat { Svg, Png, Dot, Json, Graphviz, Cytoscape };

/// What became of a file that was to be written.
struct TopologyFile
{
    QString problem; ///< why there is none; empty: it was written
    QString remark;  ///< what its reader should know of it
};

inline constexpr double kMostPixels = 30e6; ///< of a PNG: 120 MB, what most programs open

/// Writes the whole picture, whatever part of it is seen: a PNG as the SVG draws it, twice its natural size,
/// or as much smaller as `mostPixels` want. The file is there whole or as it was before. Any thread.
[[nodiscard]] TopologyFile writeSheet(const TopologySheet& sheet, TopologyFormat format, const QString& path,
                                      double mostPixels = kMostPixels);

} // namespace weir
