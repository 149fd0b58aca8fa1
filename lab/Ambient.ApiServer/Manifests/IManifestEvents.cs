namespace Ambient.ApiServer.Manifests;

/// <summary>What is worth a line in a log while a folder is followed. Must not block or throw.</summary>
public interface IManifestEvents
{
    /// <summary>The server has what the files say.</summary>
    /// <param name="objects">How many objects the files have.</param>
    /// <param name="applied">How many of them were new or changed.</param>
    /// <param name="removed">How many were in the files before and are not any more.</param>
    void Loaded(int objects, int applied, int removed);

    /// <summary>A file or an object is not in force as it stands. Told once until it changes.</summary>
    /// <param name="message">File, line, what is wrong and what to do.</param>
    void Failed(string message);
}
