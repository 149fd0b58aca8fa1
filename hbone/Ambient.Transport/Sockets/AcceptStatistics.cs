namespace Ambient.Transport.Sockets;

/// <summary>Counts of one accept loop since it started.</summary>
/// <param name="Accepted">Connections taken from the queue.</param>
/// <param name="TransientErrors">Connections lost before they were accepted.</param>
/// <param name="Backoffs">Waits because descriptors or memory had run out.</param>
/// <param name="Dropped">Accepted but closed unserved, because of a drain or because no loop could take them.</param>
/// <param name="HandlerFaults">Handlers that ended with an exception, which is a bug.</param>
public readonly record struct AcceptStatistics(long Accepted, long TransientErrors, long Backoffs, long Dropped, long HandlerFaults);
