namespace Ambient.Kube.Configuration;

/// <summary>Reads the small files of a configuration, bounded, with errors that name them.</summary>
internal static class ConfigurationFile
{
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for the error.</param>
    /// <param name="maxBytes">The most it may hold.</param>
    /// <exception cref="KubernetesConfigurationException">It is not there, not readable or too long.</exception>
    public static byte[] Read(string path, string what, int maxBytes)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] buffer = new byte[Math.Min(maxBytes + 1L, Math.Max(stream.Length + 1, 4096))];
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length == buffer.Length)
            {
                throw new KubernetesConfigurationException($"The {what} {path} is longer than {maxBytes} bytes.");
            }

            return buffer[..length];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KubernetesConfigurationException($"The {what} {path} cannot be read: {error.Message}", error);
        }
    }
}
