using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ambient.Ztunnel.Configuration;

/// <summary>Loads a YAML or JSON document of bounded size and depth.</summary>
internal static class YamlText
{
    private const int MaxDepth = 32;

    /// <summary>The root node; null without an error for a text without a document, null with one for everything refused.</summary>
    public static YamlNode? Load(string text, int maxLength, out string? error)
    {
        error = text.Length > maxLength ? $"longer than {maxLength} characters" : null;
        if (error is not null)
        {
            return null;
        }

        try
        {
            error = DepthError(text);
            if (error is not null)
            {
                return null;
            }

            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            error = yaml.Documents.Count > 1 ? "more than one document" : null;
            return yaml.Documents.Count == 1 ? yaml.Documents[0].RootNode : null;
        }
        catch (YamlException failure)
        {
            error = $"line {failure.Start.Line}: {failure.Message}";
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            // The library's scanner fails in these ways on some broken texts, without a position.
            error = $"not valid YAML: {failure.Message}";
        }

        return null;
    }

    /// <summary>Building the nodes recurses, and a stack overflow cannot be caught; the parser itself keeps its own stack.</summary>
    private static string? DepthError(string text)
    {
        var parser = new Parser(new StringReader(text));
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth)
            {
                return $"line {parser.Current.Start.Line}: nested deeper than {MaxDepth} levels";
            }
        }

        return null;
    }
}
