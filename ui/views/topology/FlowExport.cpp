// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowExport.h"

#include <QFileDialog>
#include <QMenu>

namespace weir {

struct FlowExport::Format
{
    FlowFormat format;
    const char* name;  ///< of its menu entry's object
    const char* title; ///< translated where it is shown
    const char* suffix;
};

const std::array<FlowExport::Format, 5> FlowExport::kFormats = {{
    {FlowFormat::Svg, "exportSvg", QT_TR_NOOP("SVG: a picture that scales…"), "svg"},
    {FlowFormat::Png, "exportPng", QT_TR_NOOP("PNG: the whole picture in pixels…"), "png"},
    {FlowFormat::Dot, "exportDot", QT_TR_NOOP("DOT: for Graphviz…"), "dot"},
    {FlowFormat::Json, "exportJson", QT_TR_NOOP("JSON: nodes, lines, findings, coverage…"), "json"},
    {FlowFormat::Cytoscape, "exportCytoscape", QT_TR_NOOP("JSON for Cytoscape.js…"), "cyjs"},
}};

FlowExport::FlowExport(QWidget* parent) : QToolButton(parent)
{
    setObjectName(QStringLiteral("flowExport"));
    setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(this);
    for (const Format& format : kFormats)
        menu->addAction(tr(format.title), this, [this, &format] { choosePlace(format); })
            ->setObjectName(QLatin1String(format.name));
    setMenu(menu);
    connect(&m_errand, &Errand::finished, this, &FlowExport::refresh);
    refresh();
}

void FlowExport::setPicture(std::shared_ptr<const FlowPicture> picture)
{
    m_picture = std::move(picture);
    refresh();
}

void FlowExport::refresh()
{
    const bool busy = m_errand.isRunning();
    setText(busy ? tr("Saving…") : tr("Export"));
    setToolTip(tr("Save the whole picture with its range, findings and coverage"));
    const bool any = m_picture && !m_picture->graph->nodes.empty();
    setEnabled(!busy && any);
    for (const char* drawn : {"exportSvg", "exportPng"})
        findChild<QAction*>(QLatin1String(drawn))->setVisible(!any || !m_picture->places.empty());
}

void FlowExport::choosePlace(const Format& format)
{
    auto* dialog = new QFileDialog(this, tr("Export the flow"));
    dialog->setObjectName(QStringLiteral("flowExportDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    const QString suffix = QLatin1String(format.suffix);
    dialog->setDefaultSuffix(suffix);
    dialog->setNameFilters({tr("%1 files (*.%1)").arg(suffix), tr("All files (*)")});
    dialog->selectFile(QStringLiteral("flow.") + suffix);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, picture = m_picture, what = format.format](const QString& path) {
                save(picture, what, path);
            });
    dialog->open();
}

void FlowExport::save(std::shared_ptr<const FlowPicture> picture, FlowFormat format, const QString& path)
{
    m_errand.run(
        [this, picture = std::move(picture), format, path](const std::stop_token&, const Errand::Post& post) {
            const FlowFile file = writeFlow(*picture, format, path);
            post([this, file, path] {
                if (const QString line = file.problem + file.remark; !line.isEmpty())
                    emit told(line);
                if (file.problem.isEmpty())
                    emit saved(path);
            });
        });
    refresh();
}

} // namespace weir
