// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/TopologyExport.h"

#include <QFileDialog>
#include <QMenu>

namespace weir {

struct TopologyExport::Format
{
    TopologyFormat format;
    const char* name;  ///< of its menu entry's object
    const char* title; ///< translated where it is shown
    const char* suffix;
};

const std::array<TopologyExport::Format, 6> TopologyExport::kFormats = {{
    {TopologyFormat::Svg, "exportSvg", QT_TR_NOOP("SVG: a picture that scales…"), "svg"},
    {TopologyFormat::Png, "exportPng", QT_TR_NOOP("PNG: the whole picture in pixels…"), "png"},
    {TopologyFormat::Dot, "exportDot", QT_TR_NOOP("DOT: for Graphviz…"), "dot"},
    {TopologyFormat::Json, "exportJson", QT_TR_NOOP("JSON: nodes, lines, findings, coverage…"), "json"},
    {TopologyFormat::Graphviz, "exportGraphviz", QT_TR_NOOP("JSON in Graphviz's shape…"), "gv.json"},
    {TopologyFormat::Cytoscape, "exportCytoscape", QT_TR_NOOP("JSON for Cytoscape.js…"), "cyjs"},
}};

TopologyExport::TopologyExport(QWidget* parent) : QToolButton(parent)
{
    setObjectName(QStringLiteral("flowExport"));
    setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(this);
    for (const Format& format : kFormats)
        menu->addAction(tr(format.title), this, [this, &format] { choosePlace(format); })
            ->setObjectName(QLatin1String(format.name));
    setMenu(menu);
    connect(&m_errand, &Errand::finished, this, &TopologyExport::refresh);
    refresh();
}

void TopologyExport::setSheet(TopologySheet sheet)
{
    m_name = QString::fromStdString(sheet.name);
    m_isDrawn = sheet.svg != nullptr;
    m_source = sheet.isEmpty() ? Source() : [sheet = std::move(sheet)] { return sheet; };
    refresh();
}

void TopologyExport::setSource(const QString& name, Source source)
{
    m_name = name;
    m_isDrawn = true;
    m_source = std::move(source);
    refresh();
}

void TopologyExport::refresh()
{
    const bool busy = m_errand.isRunning();
    setText(busy ? tr("Saving…") : tr("Export"));
    setToolTip(tr("Save the whole picture with its range, findings and coverage"));
    const bool any = m_source != nullptr;
    setEnabled(!busy && any);
    for (const char* drawn : {"exportSvg", "exportPng"})
        findChild<QAction*>(QLatin1String(drawn))->setVisible(!any || m_isDrawn);
}

void TopologyExport::choosePlace(const Format& format)
{
    auto* dialog = new QFileDialog(this, tr("Export the picture"));
    dialog->setObjectName(QStringLiteral("flowExportDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    const QString suffix = QLatin1String(format.suffix);
    dialog->setDefaultSuffix(suffix);
    dialog->setNameFilters({tr("%1 files (*.%1)").arg(suffix), tr("All files (*)")});
    dialog->selectFile(m_name + QLatin1Char('.') + suffix);
    connect(
        dialog, &QFileDialog::fileSelected, this,
        [this, source = m_source, what = format.format](const QString& path) { save(source, what, path); });
    dialog->open();
}

void TopologyExport::save(const Source& source, TopologyFormat format, const QString& path)
{
    m_errand.run([this, source, format, path](const std::stop_token&, const Errand::Post& post) {
        const TopologyFile file = writeSheet(source(), format, path);
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
