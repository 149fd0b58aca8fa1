using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ambient.Mesh.LocalFile;

/// <summary>
/// A place in a stream of YAML events. Text that is not YAML, or that is nested too deep, ends the reading by a
/// <see cref="YamlException"/>, whatever the library throws.
/// </summary>
internal sealed class YamlCursor
{
    private const int MaxDepth = 32;

    private readonly IParser _parser;
    private readonly LocalFileErrors _errors;

    public YamlCursor(IParser parser, LocalFileErrors errors)
    {
        _parser = parser;
        _errors = errors;
        Advance();
    }

    public ParsingEvent Current => _parser.Current ?? throw new SyntaxErrorException("unexpected end of the file");

    public void Advance()
    {
        if (!MoveNext())
        {
            throw new SyntaxErrorException("unexpected end of the file");
        }

        // Nothing here needs anchors or tags, and an alias is how a small file becomes a large one.
        if (Current is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty))
        {
            Report("anchors, aliases and tags are not accepted");
        }
    }

    /// <summary>Steps over one value with everything in it.</summary>
    public void Skip()
    {
        int depth = 0;
        do
        {
            depth += Current.NestingIncrease;
            if (depth > MaxDepth)
            {
                throw new SemanticErrorException(Current.Start, Current.End, $"nested deeper than {MaxDepth} levels");
            }

            Advance();
        }
        while (depth > 0);
    }

    public void Report(string reason) => Report(Current.Start, reason);

    public void Report(Mark where, string reason) => _errors.Add(where, reason);

    private bool MoveNext()
    {
        Mark before = _parser.Current?.End ?? Mark.Empty;
        try
        {
            return _parser.MoveNext();
        }
        catch (InvalidOperationException)
        {
            // The scanner reports some malformed input so, without a place.
            throw new SyntaxErrorException(before, before, "not valid YAML after this place");
        }
    }
}
