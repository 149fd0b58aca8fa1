namespace Ambient.Mesh.LocalFile;

/// <summary>One thing wrong with a local file.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1.</param>
/// <param name="Reason">What is wrong and what was expected.</param>
public readonly record struct LocalFileError(long Line, long Column, string Reason)
{
    public override string ToString() => $"line {Line}, column {Column}: {Reason}";
}
