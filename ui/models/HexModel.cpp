// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/HexModel.h"

#include <QByteArray>

namespace weir {
namespace {

std::string needleOf(const QString& text)
{
    if (text.startsWith(QLatin1String("0x"), Qt::CaseInsensitive))
        return QByteArray::fromHex(text.mid(2).toLatin1()).toStdString();
    return text.toStdString();
}

} // namespace

void HexModel::setBytes(std::shared_ptr<const std::string> bytes)
{
    beginResetModel();
    m_bytes = std::move(bytes);
    endResetModel();
}

int HexModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_bytes ? 0 : static_cast<int>((m_bytes->size() + kPerRow - 1) / kPerRow);
}

int HexModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 3;
}

std::optional<std::size_t> HexModel::find(const QString& text, std::size_t from, bool back) const
{
    const std::string needle = needleOf(text);
    if (!m_bytes || needle.empty())
        return std::nullopt;
    std::size_t found = back ? (from == 0 ? std::string::npos : m_bytes->rfind(needle, from - 1))
                             : m_bytes->find(needle, from + 1);
    if (found == std::string::npos)
        found = back ? m_bytes->rfind(needle) : m_bytes->find(needle);
    return found == std::string::npos ? std::nullopt : std::optional(found);
}

QVariant HexModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Offset") : section == 1 ? tr("Bytes") : tr("ASCII");
}

QVariant HexModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::DisplayRole)
        return {};
    const std::size_t offset = static_cast<std::size_t>(index.row()) * kPerRow;
    const QByteArray row = QByteArray::fromStdString(m_bytes->substr(offset, kPerRow));
    if (index.column() == 0)
        return QStringLiteral("%1").arg(offset, 8, 16, QLatin1Char('0'));
    if (index.column() == 1)
        return QString::fromLatin1(row.left(8).toHex(' ') +
                                   (row.size() > 8 ? "  " + row.mid(8).toHex(' ') : QByteArray()));
    QString ascii;
    for (const char c : row)
        ascii += c >= 0x20 && c < 0x7F ? QLatin1Char(c) : QLatin1Char('.');
    return ascii;
}

} // namespace weir
