// SPDX-License-Identifier: GPL-3.0-or-later
// Finding in a payload, copying and saving it: the other half of PayloadView.
#include "core/base/WholeFile.h"
#include "ui/models/Format.h"
#include "ui/models/MessageTableModel.h"
#include "ui/views/HugeTableView.h"
#include "ui/views/PayloadView.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QTreeView>

namespace weir {

void PayloadView::find(bool back)
{
    const QString wanted = m_find->text();
    bool found = false;
    switch (form()) {
    case Form::Json:
        if (const auto node = m_json.find(wanted, m_foundNode, back)) {
            m_foundNode = *node;
            const QModelIndex index = m_json.indexOf(*node);
            m_tree->setCurrentIndex(index);
            m_tree->scrollTo(index, QAbstractItemView::PositionAtCenter);
            found = true;
        }
        break;
    case Form::Text: {
        const auto flags = back ? QTextDocument::FindBackward : QTextDocument::FindFlags();
        found = m_text->find(wanted, flags);
        if (!found) {
            m_text->moveCursor(back ? QTextCursor::End : QTextCursor::Start);
            found = m_text->find(wanted, flags);
        }
        break;
    }
    case Form::Hex:
        if (const auto at = m_hex.find(wanted, m_foundAt, back)) {
            m_foundAt = *at;
            const QModelIndex index = m_hex.index(static_cast<int>(*at / HexModel::kPerRow), 1);
            m_hexView->setCurrentIndex(index);
            m_hexView->scrollTo(index, QAbstractItemView::PositionAtCenter);
            found = true;
        }
        break;
    }
    if (!found && !wanted.isEmpty())
        emit problem(tr("\u201c%1\u201d is not in what is shown of the payload").arg(wanted));
}

void PayloadView::copy()
{
    if (!m_message)
        return;
    auto mime = std::make_unique<QMimeData>();
    if (m_isText)
        mime->setText(toText(*m_bytes));
    else
        mime->setText(QString::fromLatin1(
            QByteArray::fromRawData(m_bytes->data(), static_cast<qsizetype>(m_bytes->size())).toHex(' ')));
    QGuiApplication::clipboard()->setMimeData(mime.release());
}

void PayloadView::save()
{
    if (!m_message)
        return;
    const QString proposal = QStringLiteral("message-%1.%2")
                                 .arg(m_message->seq)
                                 .arg(m_json.outline() ? QLatin1String("json")
                                      : m_isText       ? QLatin1String("txt")
                                                       : QLatin1String("bin"));
    const QString path = QFileDialog::getSaveFileName(this, tr("Save payload"), proposal);
    if (path.isEmpty())
        return;
    const QByteArray bytes =
        QByteArray::fromRawData(m_bytes->data(), static_cast<qsizetype>(m_bytes->size()));
    if (const auto saved = writeWholeFile(path, bytes, FileFor::Owner); !saved)
        emit problem(QString::fromStdString(saved.error().line()));
}

void PayloadView::showJsonMenu(const QPoint& point)
{
    const QModelIndex index = m_tree->indexAt(point);
    if (!index.isValid())
        return;
    const auto node = static_cast<std::uint32_t>(index.internalId());
    const QString pointer = m_json.pointerTo(index);
    const QString value = toText(m_json.outline()->value(node));
    const auto kind = m_json.outline()->nodes()[node].kind;
    QMenu menu(this);
    if (kind == JsonOutline::Kind::String || kind == JsonOutline::Kind::Number) {
        const QString term = filterTerm(QStringLiteral("json.") + pointer, value);
        menu.addAction(tr("Show only %1").arg(menu.fontMetrics().elidedText(term, Qt::ElideMiddle, 400)),
                       this, [this, term] { emit filterTermRequested(term); });
        menu.addSeparator();
    }
    const auto put = [](const QString& text) { QGuiApplication::clipboard()->setText(text); };
    menu.addAction(tr("Copy value"), this, [put, value] { put(value); });
    menu.addAction(tr("Copy JSON pointer"), this, [put, pointer] { put(pointer); });
    menu.exec(m_tree->viewport()->mapToGlobal(point));
}

} // namespace weir
