namespace Ambient.ApiServer.Storage;

/// <summary>One change of a collection.</summary>
/// <param name="Version">The resource version that it has made.</param>
/// <param name="Before">Null: the object is new.</param>
/// <param name="After">Null: the object is gone.</param>
public sealed record StorageEvent(long Version, StoredObject? Before, StoredObject? After)
{
    /// <summary>What watches tell of an object that is gone: its last content at the version of the removal. Made once for all of them.</summary>
    public StoredObject? Gone { get; init; }
}
