namespace ActorFlow.Tasks.Processes;

/// <summary>The part of the worker's environment that a command inherits: nothing that belongs to the worker alone.</summary>
internal static class InheritedEnvironment
{
    private const string Prefix = "ACTORFLOW_";

    /// <summary>
    /// Removes the worker's settings (secrets, connection strings, keys), whatever their case, since they are read without regard to
    /// case. The starter of the command sets a new mark of the process tree.
    /// </summary>
    public static void Strip(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            environment.Remove(name);
        }
    }
}
