namespace Ambient.ApiServer.Storage;

/// <summary>One change of a collection.</summary>
/// <param name="Version">The resource version that it has made.</param>
/// <param name="Before">Null: the object is new.</param>
/// <param name="After">Null: the object is gone. What a watch tells of a removal is <paramref name="Before"/> at the version of the removal.</param>
public sealed record StorageEvent(long Version, StoredObject? Before, StoredObject? After);
