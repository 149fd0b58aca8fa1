namespace Ambient.ControlPlane.Distribution;

/// <summary>How far one node's stream has come in a <see cref="ResourceLog"/>. Removals are kept until every reader has seen them.</summary>
public sealed class LogReader
{
    internal LogReader()
    {
    }

    /// <summary>The last change that was taken; 0 before the first.</summary>
    public long Sequence { get; internal set; }

    /// <summary>
    /// Whether the reader was left behind: too many removals waited for it. It cannot be brought up to date from the log; its stream must
    /// end, and the node says on its next what it has.
    /// </summary>
    public bool IsLeftBehind { get; internal set; }
}
