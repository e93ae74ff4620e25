// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/Errand.h"
#include "ui/views/topology/FlowFile.h"

#include <QToolButton>

#include <array>
#include <memory>

namespace weir {

/// A button with a menu that saves the flow: as it is drawn when a format is chosen, whole, off the gui
/// thread. gui thread.
class FlowExport : public QToolButton
{
    Q_OBJECT
public:
    explicit FlowExport(QWidget* parent = nullptr);

    /// What is drawn now; null or without nodes: there is nothing to save. Without places only the graph is
    /// there to be saved, not a picture of it.
    void setPicture(std::shared_ptr<const FlowPicture> picture);

signals:
    /// One line that the reader should see: why there is no file, or what is special about it.
    void told(const QString& line);
    void saved(const QString& path);

private:
    struct Format;
    static const std::array<Format, 5> kFormats;

    void choosePlace(const Format& format);
    void save(std::shared_ptr<const FlowPicture> picture, FlowFormat format, const QString& path);
    void refresh();

    std::shared_ptr<const FlowPicture> m_picture;
    Errand m_errand;
};

} // namespace weir
