namespace Ambient.ApiServer.Storage;

/// <summary>The order of objects in a list: by namespace, then by name.</summary>
internal sealed class PlaceComparer : IComparer<StoredObject>
{
    public static PlaceComparer Instance { get; } = new();

    public int Compare(StoredObject? x, StoredObject? y)
    {
        int spaces = string.CompareOrdinal(x!.Namespace, y!.Namespace);
        return spaces != 0 ? spaces : string.CompareOrdinal(x.Name, y.Name);
    }
}
