namespace Ambient.Lab.Benchmarking.Load;

/// <summary>What one operation of a load is.</summary>
public enum HttpLoadMode
{
    /// <summary>A request on a connection that is open already.</summary>
    KeepAlive,

    /// <summary>A connection of its own: opened, one request, closed. Without the request a proxy that accepts before it has reached the server would count.</summary>
    NewConnections,
}
