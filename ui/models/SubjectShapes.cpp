// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/SubjectShapes.h"

#include <QCryptographicHash>
#include <QSettings>

#include <algorithm>
#include <array>

namespace weir {
namespace {

constexpr std::array<std::pair<const char*, std::vector<std::string> SubjectShape::*>, 3> kLists = {
    {{"pinned", &SubjectShape::pinned}, {"split", &SubjectShape::split}, {"folded", &SubjectShape::folded}}};

/// A path of the file system is no key of settings.
QString keyOf(const std::filesystem::path& history, const char* list)
{
    std::error_code failed;
    const std::filesystem::path whole = std::filesystem::weakly_canonical(history, failed);
    const QByteArray place = QByteArray::fromStdString((failed ? history : whole).string());
    return QStringLiteral("subjects/%1/%2")
        .arg(
            QString::fromLatin1(QCryptographicHash::hash(place, QCryptographicHash::Sha256).toHex().left(16)),
            QLatin1String(list));
}

/// Any bytes, the empty path too, as one line.
QString textOf(const std::vector<std::string>& paths)
{
    QByteArrayList words;
    for (const std::string& path : paths)
        words << ':' + QByteArray::fromStdString(path).toPercentEncoding("*>$");
    return QString::fromLatin1(words.join(' '));
}

std::vector<std::string> pathsIn(const QString& text)
{
    std::vector<std::string> paths;
    for (const QByteArray& word : text.toLatin1().split(' ')) {
        if (word.startsWith(':') && paths.size() < SubjectShapes::kMost)
            paths.push_back(QByteArray::fromPercentEncoding(word.mid(1)).toStdString());
    }
    return paths;
}

} // namespace

SubjectShape SubjectShapes::load(const std::filesystem::path& history) const
{
    SubjectShape shape;
    for (const auto& [name, list] : kLists) {
        if (m_settings != nullptr && !history.empty())
            shape.*list = pathsIn(m_settings->value(keyOf(history, name)).toString());
    }
    return shape;
}

void SubjectShapes::save(const std::filesystem::path& history, const SubjectShape& shape) const
{
    for (const auto& [name, list] : kLists) {
        if (m_settings == nullptr || history.empty())
            return;
        if ((shape.*list).empty())
            m_settings->remove(keyOf(history, name));
        else
            m_settings->setValue(keyOf(history, name), textOf(shape.*list));
    }
}

bool togglePath(std::vector<std::string>& paths, const std::string& path)
{
    if (std::erase(paths, path) > 0)
        return true;
    if (paths.size() >= SubjectShapes::kMost)
        return false;
    paths.push_back(path);
    return true;
}

} // namespace weir
