namespace Ambient.Lab.Benchmarking.Load;

/// <summary>How far a response has been read.</summary>
internal enum HttpReadStatus
{
    NeedMore,
    Completed,
    Failed,
}
