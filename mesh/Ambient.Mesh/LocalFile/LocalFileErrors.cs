using System.Collections.Immutable;
using YamlDotNet.Core;

namespace Ambient.Mesh.LocalFile;

/// <summary>Collects errors in the order of the file; a hostile file cannot make the list grow without bound.</summary>
internal sealed class LocalFileErrors
{
    private readonly List<LocalFileError> _errors = [];
    private int _dropped;

    public bool IsEmpty => _errors.Count == 0;

    public void Add(Mark where, string reason)
    {
        if (_errors.Count < LocalFileParser.MaxErrors)
        {
            _errors.Add(new LocalFileError(where.Line, where.Column, reason));
        }
        else
        {
            _dropped++;
        }
    }

    public ImmutableArray<LocalFileError> ToImmutable()
    {
        IEnumerable<LocalFileError> sorted = _errors.OrderBy(error => error.Line).ThenBy(error => error.Column);
        return _dropped == 0
            ? [.. sorted]
            : [.. sorted, new LocalFileError(_errors[^1].Line, _errors[^1].Column, $"and {_dropped} more errors")];
    }
}
