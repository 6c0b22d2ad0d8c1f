namespace ActorFlow.Runtime.Index;

/// <summary>What a closed run may still owe to other runs: as long as it does, it is asked before it is purged. The numbers are stored, and never change.</summary>
[Flags]
public enum RunDebts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Its parent has to hear how it ended. A parent that has ended itself does not care.</summary>
    Report = 1,

    /// <summary>Children that it left behind have to hear of its end.</summary>
    Children = 2,

    /// <summary>Nobody knows: the row is of an earlier version.</summary>
    Unknown = Report | Children,
}
