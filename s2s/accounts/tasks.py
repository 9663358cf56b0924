"""The worker's part: errands whose outcome must not show at the door, as it depends on whether somebody exists."""

from s2s.accounts import forgotten, sign_in
from s2s.notices import errands

errands.DOERS |= {forgotten.SEND: forgotten.send_link, sign_in.TELL_OF_LOCK: sign_in.tell_of_lock}
