// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/SubjectTree.h"

#include <filesystem>

class QSettings;

namespace weir {

/// How a reader wants the subjects of each history: kept in the settings, by the history's place. gui thread.
class SubjectShapes
{
public:
    /// `settings` may be null: then nothing is kept. It outlives this.
    explicit SubjectShapes(QSettings* settings = nullptr) : m_settings(settings) {}

    [[nodiscard]] SubjectShape load(const std::filesystem::path& history) const;
    void save(const std::filesystem::path& history, const SubjectShape& shape) const;

    static constexpr std::size_t kMost = 64; ///< paths of each sort: each is a node that is never merged

private:
    QSettings* m_settings;
};

/// Adds `path` to `paths`, or takes it out; false where there are too many already.
[[nodiscard]] bool togglePath(std::vector<std::string>& paths, const std::string& path);

} // namespace weir
