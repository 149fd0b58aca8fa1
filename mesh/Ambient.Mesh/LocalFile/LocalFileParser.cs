using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ambient.Mesh.LocalFile;

/// <summary>
/// Parses the local file mode's YAML (node-proxy 9.9); JSON is YAML and parsed the same way. Unknown keys, missing required ones,
/// anchors, tags and a second document are errors. All errors are reported together, unless the text is no YAML at all.
/// </summary>
public static class LocalFileParser
{
    /// <summary>The largest input, in characters (or bytes): about 200,000 workloads.</summary>
    public const int MaxLength = 128 * 1024 * 1024;

    public const int MaxErrors = 100;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly ObjectSchema<FileDraft> Schema = new("the file", [], new()
    {
        ["workloads"] = static (reader, file) => file.Workloads.AddRange(reader.ReadList("workloads", WorkloadReader.Read)),
        ["services"] = static (reader, file) => file.Services.AddRange(reader.ReadList("services", ServiceReader.Read)),
        ["policies"] = static (reader, file) => file.Policies.AddRange(reader.ReadList("policies", PolicyReader.Read)),
    });

    /// <param name="utf8">The file's bytes.</param>
    /// <param name="nodeName">The node whose workloads are local; null makes every workload local.</param>
    public static LocalFileResult Parse(ReadOnlySpan<byte> utf8, string? nodeName = null)
    {
        if (utf8.Length > MaxLength)
        {
            return TooLong(utf8.Length, MaxLength);
        }

        try
        {
            return Parse(StrictUtf8.GetString(utf8), nodeName);
        }
        catch (DecoderFallbackException exception)
        {
            int line = utf8[..Math.Clamp(exception.Index, 0, utf8.Length)].Count((byte)'\n') + 1;
            return LocalFileResult.Invalid([new LocalFileError(line, 1, "the file is not valid UTF-8")]);
        }
    }

    /// <param name="text">The file's text.</param>
    /// <param name="nodeName">The node whose workloads are local; null makes every workload local.</param>
    public static LocalFileResult Parse(string text, string? nodeName = null) => Parse(text, nodeName, MaxLength);

    internal static LocalFileResult Parse(string text, string? nodeName, int maxLength)
    {
        if (text.Length > maxLength)
        {
            return TooLong(text.Length, maxLength);
        }

        LocalFileErrors errors = new();
        FileDraft file = new();
        FileAssembler assembler = new(file, errors);
        try
        {
            ReadDocument(new YamlCursor(new Parser(new StringReader(text)), errors), file);
        }
        catch (YamlException exception)
        {
            errors.Add(exception.Start, exception.Message);
        }

        assembler.Check();
        return errors.IsEmpty ? assembler.Assemble(nodeName) : LocalFileResult.Invalid(errors.ToImmutable());
    }

    private static void ReadDocument(YamlCursor cursor, FileDraft file)
    {
        cursor.Advance();
        if (cursor.Current is StreamEnd)
        {
            cursor.Report("the file is empty; write {} for an empty mesh");
            return;
        }

        cursor.Advance();
        new YamlReader(cursor).ReadObject(Schema, file);
        cursor.Advance();
        if (cursor.Current is not StreamEnd)
        {
            cursor.Report("the file has more than one document");
        }
    }

    private static LocalFileResult TooLong(int length, int maxLength) =>
        LocalFileResult.Invalid([new LocalFileError(1, 1, $"the file is {length} long, more than {maxLength}")]);
}
