// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/Errand.h"
#include "ui/views/topology/TopologyFile.h"

#include <QToolButton>

#include <array>

namespace weir {

/// A button with a menu that saves a picture of the topology: as it is drawn when a format is chosen, whole,
/// off the gui thread. gui thread.
class TopologyExport : public QToolButton
{
    Q_OBJECT
public:
    explicit TopologyExport(QWidget* parent = nullptr);

    /// What is drawn now; empty: there is nothing to save. Of what cannot be drawn only the graph is there to
    /// be saved, not a picture of it.
    void setSheet(TopologySheet sheet);
    /// The same of a picture that is made when a format is chosen, off the gui thread; `name` as a sheet has
    /// it.
    using Source = std::function<TopologySheet()>;
    void setSource(const QString& name, Source source);

signals:
    /// One line that the reader should see: why there is no file, or what is special about it.
    void told(const QString& line);
    void saved(const QString& path);

private:
    struct Format;
    static const std::array<Format, 6> kFormats;

    void choosePlace(const Format& format);
    void save(const Source& source, TopologyFormat format, const QString& path);
    void refresh();

    QString m_name;
    Source m_source; ///< none: there is nothing to save
    bool m_isDrawn = false;
    Errand m_errand;
};

} // namespace weir
