namespace Ambient.Cli.Analysis;

/// <summary>Something about an object that somebody should look at.</summary>
/// <param name="IsError">Whether it breaks what the object is there for, or takes a part of it away.</param>
/// <param name="Code">One word for a program.</param>
/// <param name="Object">Which object; "" for a file as a whole.</param>
/// <param name="Place">FILE:LINE; "" where that is not known.</param>
/// <param name="Message">Why, and what to do.</param>
internal sealed record Remark(bool IsError, string Code, string Object, string Place, string Message)
{
    public string Level => IsError ? "Error" : "Warning";
}
